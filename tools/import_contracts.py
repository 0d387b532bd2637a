"""Kinds of import contract that import-linter does not bring along."""

import sys
from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class StandardLibraryOnly(Contract):
    """A package that imports itself and the standard library, nothing else.

    A list of forbidden modules would have to grow with the project; this one cannot be forgotten.
    """

    package = fields.ModuleField()

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        root = self.package.name
        modules = {root, *graph.find_descendants(root)}
        broken = [
            detail
            for module in sorted(modules)
            for target in sorted(graph.find_modules_directly_imported_by(module))
            if target not in modules and target.split(".")[0] not in sys.stdlib_module_names
            for detail in graph.get_import_details(importer=module, imported=target)
        ]
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def render_broken_contract(self, check: ContractCheck) -> None:
        details: list[dict[str, Any]] = check.metadata["broken"]
        for detail in details:
            output.print_error(
                f"{detail['importer']} imports {detail['imported']} "
                f"(l.{detail['line_number']}: {detail['line_contents']})",
                bold=False,
            )
