class SheetError(Exception):
    """A file that is refused as a whole, and why.

    :ivar code: reason, in the words of the program; texts for people are made elsewhere
    :ivar details: what the text needs: name of the cell, of the sheet, limits
    """

    def __init__(self, code, **details):
        super().__init__(code, details)
        self.code = code
        self.details = details


class CellError(Exception):
    """A cell whose contents cannot be used, and why; as :class:`SheetError`."""

    def __init__(self, code, **details):
        super().__init__(code, details)
        self.code = code
        self.details = details
