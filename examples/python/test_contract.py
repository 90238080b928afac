"""Holds this example to the contract's vectors and failure types: python -m unittest"""

import json
import re
import unittest
from pathlib import Path

from clone import EXIT_CODES
from snapflow_request import digest, workflow_id

DOCS = Path(__file__).parent / "../../docs"


class Contract(unittest.TestCase):
    def test_every_vector_gives_its_workflow_id_and_digest(self) -> None:
        vectors = json.loads((DOCS / "contract-vectors.json").read_text("utf-8"))
        self.assertGreater(len(vectors), 5)
        for vector in vectors:
            operation, request = vector["operation"], vector["request"]
            with self.subTest(vector["requestId"]):
                self.assertEqual(workflow_id(vector["requestId"], request), vector["workflowId"])
                self.assertEqual(digest(operation, request), vector["digest"])

    def test_every_failure_type_has_its_exit_code(self) -> None:
        rows = re.findall(r"^\| `([A-Z]\w+)` +\| (\d+) +\|", (DOCS / "failures.md").read_text("utf-8"), re.M)
        self.assertEqual(
            {name: int(code) for name, code in rows},
            {name: code for code, types in EXIT_CODES.items() for name in types},
        )


if __name__ == "__main__":
    unittest.main()
