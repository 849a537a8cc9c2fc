"""The errors that tell a user, in one sentence, what to do."""


class D2LError(Exception):
    """An error whose message is one clear sentence for the user.

    The command line prints the message, without a traceback, and ends with
    `exit_code`.
    """

    exit_code = 2


class InputError(D2LError, ValueError):
    """An argument that makes no sense, such as a batch of no examples."""


class DataError(D2LError):
    """Data that is absent, cannot be read, or is not what it should be."""


class DownloadError(DataError):
    """A file that none of its addresses delivered."""
