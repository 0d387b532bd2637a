"""Documents that are printed and signed, in the form of Nghị định 30/2020/NĐ-CP."""
