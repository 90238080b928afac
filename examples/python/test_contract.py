"""Holds this example to the contract's vectors: python -m unittest"""

import json
import unittest
from pathlib import Path

from clone import identity, workflow_id

VECTORS = json.loads((Path(__file__).parent / "../../docs/contract-vectors.json").read_text("utf-8"))


class Contract(unittest.TestCase):
    def test_every_clone_of_the_vectors_has_its_workflow_id_and_identity(self) -> None:
        clones = [vector for vector in VECTORS if vector["operation"] == "clone"]
        self.assertGreater(len(clones), 5)
        for vector in clones:
            with self.subTest(vector["what"]):
                self.assertEqual(workflow_id(vector["requestId"], vector["request"]), vector["workflowId"])
                self.assertEqual(identity(vector["request"]), vector["identity"])


if __name__ == "__main__":
    unittest.main()
