"""Asks pyHanko about many versions of one signed PDF: tampered.py --trust CERT.pem FILE.pdf < changes.json

`changes.json` is a list of lists of [offset, byte]; each inner list is one version. Prints one line a version: `PASS` or
`FAIL`, and what was said. A version passes where every signature does, as in signatures.py.
"""

import argparse
import io
import json
import logging
import sys
import warnings
from pathlib import Path

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from signatures import read_certificate


def judge(content, root):
    """Whether all signatures pass, and why not."""
    signatures = PdfFileReader(io.BytesIO(content)).embedded_signatures
    if not signatures:
        return False, "it has no signature"
    for signature in signatures:
        context = ValidationContext(trust_roots=[root], allow_fetching=False)
        status = validate_pdf_signature(signature, context)
        if not status.bottom_line:
            return False, f"intact={status.intact} valid={status.valid} trusted={status.trusted}"
    return True, ""


def main():
    parser = argparse.ArgumentParser(description="Judges versions of a signed PDF.")
    parser.add_argument("--trust", required=True, help="the certificate that every chain has to lead to")
    parser.add_argument("file")
    arguments = parser.parse_args()
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    root = read_certificate(arguments.trust)
    whole = Path(arguments.file).read_bytes()
    for changes in json.load(sys.stdin):
        content = bytearray(whole)
        for offset, byte in changes:
            content[offset] = byte
        try:
            passes, said = judge(bytes(content), root)
        except Exception as error:  # whatever keeps pyHanko from reading a version, the version has failed
            passes, said = False, f"{type(error).__name__}: {error}"
        print("PASS" if passes else "FAIL", " ".join(said.split()))


if __name__ == "__main__":
    main()
