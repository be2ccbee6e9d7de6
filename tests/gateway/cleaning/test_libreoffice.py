"""Documents that a real office program wrote, cleaned, and opened by it again; where it is installed, for it is large."""

import shutil
import subprocess
from pathlib import Path

from gateway.cleaning.cleaner import clean_apart

SAID = "The invoices were forged"
NAMESPACE = "urn:oasis:names:tc:opendocument:xmlns"
SLIDES = f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="{NAMESPACE}:office:1.0" xmlns:draw="{NAMESPACE}:drawing:1.0" xmlns:text="{NAMESPACE}:text:1.0"
 xmlns:svg="{NAMESPACE}:svg-compatible:1.0" office:version="1.2"
 office:mimetype="application/vnd.oasis.opendocument.presentation"><office:body><office:presentation><draw:page draw:name="one">
<draw:frame svg:width="20cm" svg:height="5cm" svg:x="1cm" svg:y="1cm"><draw:text-box><text:p>{SAID}</text:p></draw:text-box>
</draw:frame></draw:page></office:presentation></office:body></office:document>"""
WRITTEN = {"docx": ("in.txt", SAID), "xlsx": ("in.csv", f"{SAID},2\n3,4\n"), "pptx": ("in.fodp", SLIDES)}


def convert(folder: Path, to: str, *names: str) -> None:
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", "--headless", profile, "--convert-to", to, "--outdir", str(folder)]
    subprocess.run([*command, *(str(folder / name) for name in names)], capture_output=True, check=True)


def words_in(path: Path) -> str:
    return subprocess.run(["pdftotext", str(path), "-"], capture_output=True, text=True, check=True).stdout


if shutil.which("soffice"):

    def test_what_an_office_program_wrote_opens_in_it_after_cleaning(tmp_path: Path) -> None:
        for ending, (name, content) in WRITTEN.items():
            (tmp_path / name).write_text(content)
            convert(tmp_path, ending, name)
            copy = clean_apart((tmp_path / "in").with_suffix(f".{ending}").read_bytes(), ending)
            (tmp_path / f"{ending}.{ending}").write_bytes(copy.content)
        convert(tmp_path, "pdf", *(f"{ending}.{ending}" for ending in WRITTEN))
        for ending in WRITTEN:
            assert SAID in words_in(tmp_path / f"{ending}.pdf"), ending
