"""What every reader needs and the first would wait for: read and built while the server starts."""

import gc
import logging

logger = logging.getLogger(__name__)


def up() -> None:
    """Fill the caches of this process. A failure is logged and costs nothing else: the page shows it in its place."""
    try:
        from aigc_report import catalog, document
        from aigc_report.claims import standing
        from aigc_report.i18n import LANGUAGES, texts
        from dashboards.ui import charts, country, diffusion, forecast  # noqa: F401  charts loads plotly

        catalog.load()
        document.load()
        for lang in LANGUAGES:
            texts(lang)("Adoption of generative AI")
        country.result()
        standing.stand()  # badges stand on half of the pages
        diffusion.forecast(forecast.series()[0])
    except Exception:
        logger.exception("the caches could not be filled at the start")
    gc.freeze()  # what is read by now stays for good: collections look at what readers leave, and take milliseconds
