"""Judges every signature of each PDF with pyHanko: signatures.py [--trust CERT.pem] FILE.pdf...

A signature passes where it is intact and valid, its chain leads to the trusted certificate, and every change after it
was one that the certification (DocMDP) allows. Without --trust each signer's own certificate is the root, which says
nothing of who signed and all of what was signed. A file without a signature fails. Exit 1 where a file fails.
"""

import argparse
import logging
import sys
from pathlib import Path

from asn1crypto import pem, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext


def read_certificate(path):
    """The certificate in a PEM or DER file."""
    content = Path(path).read_bytes()
    if pem.detect(content):
        _, _, content = pem.unarmor(content)
    return x509.Certificate.load(content)


def judge_file(path, root):
    """Whether all signatures of a file pass, and a line on each of them."""
    lines = []
    with open(path, "rb") as file:
        signatures = PdfFileReader(file).embedded_signatures
        all_pass = bool(signatures)
        if not signatures:
            lines.append("it has no signature")
        for signature in signatures:
            context = ValidationContext(trust_roots=[root or signature.signer_cert], allow_fetching=False)
            status = validate_pdf_signature(signature, context)
            all_pass = all_pass and status.bottom_line
            changes = status.modification_level
            lines.append(
                f"{signature.field_name}: intact={status.intact} valid={status.valid} trusted={status.trusted}"
                f" coverage={status.coverage.name} changes={changes.name if changes else None}"
                f" docmdp_ok={status.docmdp_ok} certifies={'/Reference' in signature.sig_object}"
            )
    return all_pass, lines


def main():
    parser = argparse.ArgumentParser(description="Judges the signatures of PDFs.")
    parser.add_argument("--trust", help="the certificate that every chain has to lead to")
    parser.add_argument("files", nargs="+")
    arguments = parser.parse_args()
    # pyHanko logs a traceback of its own for what it then reports as a status.
    logging.disable(logging.CRITICAL)
    root = read_certificate(arguments.trust) if arguments.trust else None

    exit_code = 0
    for path in arguments.files:
        try:
            all_pass, lines = judge_file(path, root)
        except Exception as error:  # whatever keeps pyHanko from reading a file, the file has failed
            all_pass, lines = False, [f"{type(error).__name__}: {error}"]
        print("PASS" if all_pass else "FAIL", "pyHanko", path)
        for line in lines:
            print("  ", line)
        if not all_pass:
            exit_code = 1
    return exit_code


if __name__ == "__main__":
    sys.exit(main())
