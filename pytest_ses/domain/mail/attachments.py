"""The attachments that SES rejects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_ses.domain import errors

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_ses.domain.mime import Attachment

# https://docs.aws.amazon.com/ses/latest/dg/mime-types.html
UNSUPPORTED_EXTENSIONS = frozenset(
    """
    ade adp app asp bas bat cer chm cmd com cpl crt csh der exe fxp gadget hlp hta inf ins isp its
    js jse ksh lib lnk mad maf mag mam maq mar mas mat mau mav maw mda mdb mde mdt mdw mdz msc msh
    msh1 msh2 mshxml msh1xml msh2xml msi msp mst ops pcd pif plg prf prg reg scf scr sct shb shs
    sys ps1 ps1xml ps2 ps2xml psc1 psc2 tmp url vb vbe vbs vps vsmacros vss vst vsw vxd ws wsc wsf
    wsh xnk
    """.split()  # noqa: SIM905 - one extension per line would hide the list
)
# Reported by users of v2; https://github.com/govuk-forms/forms-runner/pull/1594
INVALID_IN_NAME = '/\\:*?"<>|'


def check(attachments: Iterable[Attachment]) -> None:
    """Check the attachments of a message that SES composes.

    Raises:
        InvalidAttachmentName: if a file name has an invalid character.
        UnsupportedAttachmentType: if SES rejects a file extension.
    """
    for attachment in attachments:
        name = attachment.filename or ""
        if any(character in INVALID_IN_NAME for character in name):
            raise errors.InvalidAttachmentName(name=name, characters=" ".join(INVALID_IN_NAME))
        check_types([attachment])


def check_types(attachments: Iterable[Attachment]) -> None:
    """Check the file extensions of attachments, ignoring case.

    Raises:
        UnsupportedAttachmentType: if SES rejects one of them.
    """
    for attachment in attachments:
        name = attachment.filename or ""
        _, dot, extension = name.strip().rpartition(".")
        if dot and extension.lower() in UNSUPPORTED_EXTENSIONS:
            raise errors.UnsupportedAttachmentType(name=name, extension=f".{extension}")
