"""Measurements of pictures that readers bring: started, watched and read through their folders.

    $AIGC_REPORT_HOME/measurements/<id>/
        request.json     what was asked (Request)
        progress.json    how far it is (`gan.measurement.Progress`)
        ended.json       how it ended (Ended), replaced as a whole
        work.lock        held by the process that measures; the system frees it when that process ends
        cancel           present once somebody asked it to stop
        work.log         what the processes printed

On disk and not in the visit: a measurement takes minutes and outlives the page, a copied link shows it to a colleague,
and a restart of the server loses nothing. The pictures are their owner's: they are deleted as soon as they are
measured, and only figures and names of files stay. Nothing lists the measurements of others; who has the id, which
cannot be guessed, has the result.
"""

from aigc_report.measurements.store import (
    MOST_AT_ONCE,
    Ended,
    Measurement,
    Request,
    Upload,
    cancel,
    delete,
    read,
    result,
    start,
)

__all__ = ["MOST_AT_ONCE", "Ended", "Measurement", "Request", "Upload", "cancel", "delete", "read", "result", "start"]
