"""A mailbox of files that rests after each mail, so that a worker can be killed between sending and saying so."""

import time
from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.filebased import EmailBackend

REST = 0.3


class RestingMailbox(EmailBackend):
    """Writes each mail to a file, then rests."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        sent = super().send_messages(messages)
        time.sleep(REST)
        return sent or 0
