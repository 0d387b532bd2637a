"""The rules of the programme as pure functions of plain data. Nothing here knows Django."""
