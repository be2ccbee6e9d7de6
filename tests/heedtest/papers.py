"""Files as people send them, made by code, with a marker in every place that programs write to unseen."""

# ruff: noqa: E501
import struct
import zipfile
from email.message import EmailMessage
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from PIL import Image, PngImagePlugin

MARK = "Jane-Marker-4711"
"""In everything that must go."""
SHOWN = "The invoices were forged"
"""In everything that must stay."""
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
DOC = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
P = "http://schemas.openxmlformats.org/presentationml/2006/main"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
MAIN = {
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    "ppt/presentation.xml": "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
}


def picture(width: int = 48, height: int = 16) -> Image.Image:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", (width, height), (220, 20, 20))
    image.paste((20, 20, 220), (width // 2, 0, width, height))
    return image


def exif(orientation: int = 6) -> bytes:
    """Camera, owner, place, and turned by a quarter (6)."""
    made = Image.Exif()
    made[0x0112], made[0x010F], made[0x013B], made[0x8298] = orientation, MARK, MARK, MARK
    made.get_ifd(0x8825)[29] = MARK
    made.get_ifd(0x8769)[0xA430] = MARK
    return made.tobytes()


def xmp() -> bytes:
    """An XMP packet that names its author."""
    return (
        f'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
        f'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>{MARK}</dc:creator></rdf:Description></rdf:RDF>'
        f'</x:xmpmeta><?xpacket end="w"?>'
    ).encode()


def jpeg() -> bytes:
    """Turned, with EXIF, XMP, a comment, and something after its end."""
    out = BytesIO()
    picture().save(out, "JPEG", exif=exif(), xmp=xmp(), comment=MARK.encode(), quality=95)
    return out.getvalue() + b"\0MARKED-TAIL " + MARK.encode()


def png() -> bytes:
    """With text chunks, EXIF and a tail."""
    out, told = BytesIO(), PngImagePlugin.PngInfo()
    told.add_text("Author", MARK)
    told.add_itxt("XML:com.adobe.xmp", xmp().decode())
    picture().save(out, "PNG", pnginfo=told, exif=exif(1))
    return out.getvalue() + MARK.encode()


def webp() -> bytes:
    """With EXIF and XMP."""
    out = BytesIO()
    picture().save(out, "WEBP", exif=exif(1), xmp=xmp(), quality=95)
    return out.getvalue()


def gif(frames: int = 3) -> bytes:
    """Moving, with a comment."""
    out = BytesIO()
    more = [Image.new("RGB", (48, 16), (0, 80 * number, 0)) for number in range(1, frames)]
    picture().save(out, "GIF", save_all=True, append_images=more, comment=MARK.encode(), duration=120, loop=0)
    return out.getvalue()


def heic() -> bytes:
    """With EXIF and XMP."""
    import pillow_heif

    pillow_heif.register_heif_opener()
    out = BytesIO()
    picture(64, 32).save(out, "HEIF", exif=exif(1), xmp=xmp(), quality=90)
    return out.getvalue()


def pdf(pages: int = 2, *, password: str = "") -> bytes:
    """Pages with text and a photograph; information, XMP, an annotation's author, an attached file, a script, links."""
    made = pikepdf.Pdf.new()
    font = made.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    photo = made.make_stream(jpeg(), Type=Name.XObject, Subtype=Name.Image, Width=48, Height=16)
    photo.ColorSpace, photo.BitsPerComponent, photo.Filter = Name.DeviceRGB, 8, Name.DCTDecode
    photo.Metadata = made.make_stream(xmp())
    for number in range(pages):
        page = made.add_blank_page(page_size=(300, 200))
        words = f"BT /F1 12 Tf 20 100 Td ({SHOWN} page {number + 1}) Tj ET q 48 0 0 16 20 20 cm /I1 Do Q"
        page.obj.Contents = made.make_stream(words.encode())
        page.obj.Resources = Dictionary(Font=Dictionary(F1=font), XObject=Dictionary(I1=photo))
        page.obj.PieceInfo = Dictionary(Illustrator=Dictionary(Private=String(MARK)))
    note = Dictionary(
        Type=Name.Annot, Subtype=Name.Text, Rect=Array([0, 0, 9, 9]), Contents=String("A remark that stays")
    )
    note.T, note.M, note.NM, note.Subj = String(MARK), String("D:20260101"), String(MARK), String(MARK)
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]))
    link.A = Dictionary(S=Name.URI, URI=String(f"file:///C:/Users/{MARK}/x.pdf"))
    web = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]))
    web.A = Dictionary(S=Name.URI, URI=String("https://example.org/policy"))
    clip = Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=Array([0, 0, 9, 9]), T=String(MARK))
    made.pages[0].obj.Annots = Array([made.make_indirect(one) for one in (note, link, web, clip)])
    made.attachments["secret.txt"] = pikepdf.AttachedFileSpec(made, MARK.encode(), filename=f"{MARK}.txt")
    made.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String(f"app.alert('{MARK}')"))
    made.Root.Metadata = made.make_stream(xmp(), Type=Name.Metadata, Subtype=Name.XML)
    made.docinfo["/Author"], made.docinfo["/Producer"], made.docinfo["/Title"] = MARK, MARK, MARK
    out = BytesIO()
    made.save(out, encryption=pikepdf.Encryption(owner=password, user=password) if password else False)
    return out.getvalue()


def _rel(number: int, kind: str, target: str, *, external: bool = False) -> str:
    base = kind if ":" in kind else f"{DOC}/{kind}"
    return (
        f'<Relationship Id="rId{number}" Type="{base}" Target="{target}"'
        + (' TargetMode="External"' if external else "")
        + "/>"
    )


def package(parts: dict[str, str | bytes], links: dict[str, list[str]], main: str) -> bytes:
    """An Office file of these parts, with the properties that every program writes."""
    core = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
    named = (
        f'<cp:coreProperties xmlns:cp="{core}" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>{MARK}</dc:creator>'
        f"<cp:lastModifiedBy>{MARK}</cp:lastModifiedBy></cp:coreProperties>"
    )
    space = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
    app = f'<Properties xmlns="{space}"><Company>{MARK}</Company></Properties>'
    parts = {"docProps/core.xml": named, "docProps/app.xml": app, "customXml/item1.xml": f"<a>{MARK}</a>", **parts}
    top = [_rel(1, "officeDocument", main), _rel(3, "extended-properties", "docProps/app.xml")]
    top.append(_rel(2, f"{RELS}/metadata/core-properties", "docProps/core.xml"))
    for source, made in {"": top, **links}.items():
        folder, _, name = source.rpartition("/")
        where = f"{folder}/_rels/{name}.rels" if source else "_rels/.rels"
        parts[where] = f'<Relationships xmlns="{RELS}">{"".join(made)}</Relationships>'
    over = "".join(
        f'<Override PartName="/{name}" ContentType="{MAIN.get(name, "application/xml")}"/>'
        for name in parts
        if not name.endswith(".rels")
    )
    parts["[Content_Types].xml"] = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        'ContentType="application/xml"/><Default Extension="jpeg" ContentType="image/jpeg"/>' + over + "</Types>"
    )
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.comment = MARK.encode()
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, (2026, 5, 4, 3, 2, 2))
            entry.extra = struct.pack("<HH", 0x7075, len(MARK)) + MARK.encode()
            packed.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def docx() -> bytes:
    """Tracked changes, a comment, a photograph, a template's path, a link out, revision ids."""
    body = (
        f'<w:document xmlns:w="{W}" xmlns:r="{DOC}" xmlns:a="{A}" xmlns:w14="http://schemas.microsoft.com/office/word/2010/'
        f'wordml"><w:body><w:p w:rsidR="{MARK}" w14:paraId="{MARK}"><w:r><w:t>{SHOWN}</w:t></w:r><w:ins w:id="1" w:author="{MARK}" '
        f'w:date="2026-05-04T03:02:01Z"><w:r><w:t> twice</w:t></w:r></w:ins><w:hyperlink r:id="rId3"><w:r><w:t> see here'
        f'</w:t></w:r></w:hyperlink><w:r><w:instrText>INCLUDEPICTURE "C:\\Users\\{MARK}\\a.png"</w:instrText></w:r>'
        f'<w:r><w:drawing><a:docPr id="1" name="C:\\{MARK}.jpg" descr="{MARK}.jpg"/><a:blip r:embed="rId2"/></w:drawing>'
        "</w:r></w:p></w:body></w:document>"
    )
    said = (
        f'<w:comments xmlns:w="{W}"><w:comment w:id="0" w:author="{MARK}" w:date="2026-05-04T03:02:01Z" w:initials="JM">'
        "<w:p><w:r><w:t>A remark that stays</w:t></w:r></w:p></w:comment></w:comments>"
    )
    settings = (
        f'<w:settings xmlns:w="{W}" xmlns:r="{DOC}"><w:attachedTemplate r:id="rId1"/><w:rsids><w:rsid w:val="{MARK}"/>'
        "</w:rsids></w:settings>"
    )
    parts: dict[str, str | bytes] = {
        "word/document.xml": body,
        "word/comments.xml": said,
        "word/settings.xml": settings,
        "word/people.xml": f"<people>{MARK}</people>",
        "word/media/image1.jpeg": jpeg(),
        "word/vbaProject.bin": MARK.encode(),
    }
    links = {
        "word/document.xml": [
            _rel(1, "comments", "comments.xml"),
            _rel(2, "image", "media/image1.jpeg"),
            _rel(3, "hyperlink", f"file:///C:/{MARK}", external=True),
            _rel(4, "settings", "settings.xml"),
            _rel(5, "http://schemas.microsoft.com/office/2011/relationships/people", "people.xml"),
            _rel(6, "http://schemas.microsoft.com/office/2006/relationships/vbaProject", "vbaProject.bin"),
            _rel(7, "customXml", "../customXml/item1.xml"),
        ],
        "word/settings.xml": [_rel(1, "attachedTemplate", f"file:///C:/Users/{MARK}/N.dotm", external=True)],
    }
    return package(parts, links, "word/document.xml")


def xlsx() -> bytes:
    """A saved path, another workbook, a printer, a comment with its author in bold, who refreshed a table last."""
    book = (
        f'<workbook xmlns="{S}" xmlns:r="{DOC}" xmlns:xr="http://schemas.microsoft.com/office/spreadsheetml/2014/revision">'
        f'<x15ac:absPath xmlns:x15ac="http://schemas.microsoft.com/office/spreadsheetml/2010/11/ac" url="C:\\{MARK}\\"/>'
        f'<fileSharing userName="{MARK}"/><xr:revisionPtr xr:uid="{MARK}"/><sheets><sheet name="Weeks" sheetId="1" r:id="rId1"/>'
        '</sheets><externalReferences><externalReference r:id="rId2"/></externalReferences></workbook>'
    )
    sheet = (
        f'<worksheet xmlns="{S}" xmlns:r="{DOC}" xmlns:xr="http://schemas.microsoft.com/office/spreadsheetml/2014/revision" '
        f'xr:uid="{MARK}"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>{SHOWN}</t></is></c><c r="B1"><f>[1]Pay!A1</f>'
        '<v>42</v></c></row></sheetData><pageSetup orientation="landscape" r:id="rId1"/><legacyDrawing r:id="rId2"/></worksheet>'
    )
    said = (
        f'<comments xmlns="{S}"><authors><author>{MARK}</author></authors><commentList><comment ref="A1" authorId="0"><text><r>'
        f"<t>{MARK}:</t></r><r><t>A remark that stays</t></r></text></comment></commentList></comments>"
    )
    vml = '<xml xmlns:v="urn:schemas-microsoft-com:vml"><v:shape id="s1" type="#t"/></xml>'
    parts: dict[str, str | bytes] = {
        "xl/workbook.xml": book,
        "xl/worksheets/sheet1.xml": sheet,
        "xl/comments1.xml": said,
        "xl/drawings/vml1.vml": vml,
        "xl/externalLinks/externalLink1.xml": f"<a>{MARK}</a>",
        "xl/printerSettings/printerSettings1.bin": MARK.encode("utf-16"),
    }
    links = {
        "xl/workbook.xml": [
            _rel(1, "worksheet", "worksheets/sheet1.xml"),
            _rel(2, "externalLink", "externalLinks/externalLink1.xml"),
        ],
        "xl/externalLinks/externalLink1.xml": [_rel(1, "externalLinkPath", f"file:///{MARK}.xlsx", external=True)],
        "xl/worksheets/sheet1.xml": [
            _rel(1, "printerSettings", "../printerSettings/printerSettings1.bin"),
            _rel(2, "vmlDrawing", "../drawings/vml1.vml"),
            _rel(3, "comments", "../comments1.xml"),
        ],
    }
    return package(parts, links, "xl/workbook.xml")


def pptx() -> bytes:
    """A comment's author, a photograph with its file's name, ids of creation."""
    deck = f'<p:presentation xmlns:p="{P}" xmlns:r="{DOC}"><p:sldIdLst><p:sldId id="256" r:id="rId1"/></p:sldIdLst></p:presentation>'
    slide = (
        f'<p:sld xmlns:p="{P}" xmlns:a="{A}" xmlns:r="{DOC}"><p:cSld><p:spTree><p:pic><p:cNvPr id="2" name="x" '
        f'descr="{MARK}.jpeg"/><a:blip r:embed="rId1"/></p:pic><p:sp><a:t>{SHOWN}</a:t></p:sp></p:spTree></p:cSld>'
        f'<p14:creationId xmlns:p14="http://schemas.microsoft.com/office/powerpoint/2010/main" val="{MARK}"/></p:sld>'
    )
    authors = (
        f'<p:cmAuthorLst xmlns:p="{P}"><p:cmAuthor id="0" name="{MARK}" initials="{MARK}" lastIdx="1"/></p:cmAuthorLst>'
    )
    said = (
        f'<p:cmLst xmlns:p="{P}"><p:cm authorId="0" dt="2026-05-04T03:02:01" idx="1"><p:text>A remark that stays</p:text></p:cm>'
        "</p:cmLst>"
    )
    parts: dict[str, str | bytes] = {
        "ppt/presentation.xml": deck,
        "ppt/slides/slide1.xml": slide,
        "ppt/commentAuthors.xml": authors,
        "ppt/comments/comment1.xml": said,
        "ppt/media/image1.jpeg": jpeg(),
    }
    links = {
        "ppt/presentation.xml": [
            _rel(1, "slide", "slides/slide1.xml"),
            _rel(2, "commentAuthors", "commentAuthors.xml"),
        ],
        "ppt/slides/slide1.xml": [
            _rel(1, "image", "../media/image1.jpeg"),
            _rel(2, "comments", "../comments/comment1.xml"),
        ],
    }
    return package(parts, links, "ppt/presentation.xml")


def eml() -> bytes:
    """A forwarded mail as a file, with its way through the machines, a photograph, and a program."""
    mail = EmailMessage()
    mail["Received"] = f"from laptop (10.0.0.7) by mx.example for <{MARK}@example.org>"
    mail["Delivered-To"] = mail["Message-ID"] = f"<{MARK}@example.org>"
    mail["X-Mailer"] = mail["X-Originating-IP"] = MARK
    mail["From"], mail["To"], mail["Subject"] = "boss@example.org", "all@example.org", "Sign these"
    mail.set_content(SHOWN)
    mail.add_attachment(jpeg(), "image", "jpeg", filename=f"{MARK}.jpg")
    mail.add_attachment(b"MZ" + MARK.encode(), "application", "octet-stream", filename=f"{MARK}.exe")
    return mail.as_bytes()


MAKERS = {
    "jpg": jpeg, "png": png, "webp": webp, "gif": gif, "heic": heic, "pdf": pdf, "docx": docx, "xlsx": xlsx, "pptx": pptx,
    "eml": eml, "txt": lambda: b"\xef\xbb\xbf" + SHOWN.encode() + b"\r\n",
}  # fmt: skip
"""By the ending of their names."""
