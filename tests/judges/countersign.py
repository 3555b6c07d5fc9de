"""Signs the empty field of a report with pyHanko, as a school may with a program of its own:
countersign.py REPORT.pdf OUT.pdf IDENTITY.p12 {pades,pkcs7}. The password is read from DPIA_P12_PASSWORD.
"""

import argparse
import os
from pathlib import Path

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter

KINDS = {"pades": SigSeedSubFilter.PADES, "pkcs7": SigSeedSubFilter.ADOBE_PKCS7_DETACHED}


def main():
    parser = argparse.ArgumentParser(description="Countersigns a report.")
    parser.add_argument("report", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("identity")
    parser.add_argument("kind", choices=KINDS)
    asked = parser.parse_args()
    signer = signers.SimpleSigner.load_pkcs12(asked.identity, passphrase=os.environ["DPIA_P12_PASSWORD"].encode())
    request = signers.PdfSignatureMetadata(
        field_name="Countersignature", reason="Agreed", location="Cardiff", subfilter=KINDS[asked.kind], md_algorithm="sha256"
    )
    with asked.report.open("rb") as file:
        signed = signers.sign_pdf(IncrementalPdfFileWriter(file), request, signer=signer, existing_fields_only=True)
        asked.out.write_bytes(signed.getvalue())


if __name__ == "__main__":
    main()
