"""The entry sheets: what stands beside a cell, the sheet of one criterion, blocks from Excel."""
