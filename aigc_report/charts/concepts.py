"""The concept graph of the founding document as a chart: its nodes in layers, every arrow pointing down."""

import pandas as pd

from aigc_report.charts import labels
from aigc_report.charts.chart import Arrows, Axis, Boxes, Chart
from aigc_report.document import Document, schema
from aigc_report.i18n import Texts
from aigc_report.technology.graph import Layout, layered

NODE_PX, LINE_PX, PAD_PX, LAYER_PX = 112, 17, 10, 104
"""Width of a node (three stand side by side on a phone), height of a line of its label, the space around it, and the
distance from layer to layer."""


def layout(doc: Document) -> Layout:
    """The graph as the document has it, in layers."""
    concepts = [c for c in doc.of(schema.Concept) if c.in_graph]
    return layered([c.id for c in concepts], [(c.id, to) for c in concepts for to in c.leads_to])


def graph(doc: Document, t: Texts) -> Chart:
    """The concepts and their arrows; the table beside it lists what leads to what."""
    drawn = layout(doc)
    names = {c.id: c.name[t.lang] for c in doc.of(schema.Concept)}
    nodes = pd.DataFrame([_node(drawn, node, names[node]) for layer in drawn.layers for node in layer])
    at = nodes.set_index("concept")
    arrows = pd.DataFrame(
        [
            {"x": at.at[a, "x"], "y": at.at[a, "bottom"], "to_x": at.at[b, "x"], "to_y": at.at[b, "top"]}
            for a, b in drawn.arrows
        ]
    )
    said = [t("{start} leads to {end}", start=names[a], end=names[b]) for a, b in drawn.arrows]
    onward = {node: t.join([names[b] for a, b in drawn.arrows if a == node]) for node in names}
    return Chart(
        id="concepts",
        title=t("The document's graph"),
        subtitle=t("concepts and arrows as in section 2.1; the layout is ours"),
        frame=nodes[["concept", "name"]].assign(leads_to=nodes["concept"].map(onward)),
        marks=(Arrows("x", "y", "to_x", "to_y"), Boxes("x", "y", "label", NODE_PX)),
        frames={0: arrows, 1: nodes},
        x=Axis(low=0, high=1),
        y=Axis(low=-len(drawn.layers) + 0.5, high=0.5),
        alt=t("Graph of {n} concepts: {arrows}.", n=len(nodes), arrows=t.join(said)),
        height=LAYER_PX * len(drawn.layers),
    )


def _node(drawn: Layout, node: str, name: str) -> dict[str, object]:
    """A row of the nodes' table: place, edges and label; one layer is one unit high."""
    x, depth = drawn.place(node)
    lines = labels.lines(name, NODE_PX - 2 * PAD_PX)
    half = (len(lines) * LINE_PX / 2 + PAD_PX) / LAYER_PX
    return {
        "concept": node,
        "name": name,
        "x": x,
        "y": -depth,
        "top": -depth + half,
        "bottom": -depth - half,
        "label": "<br>".join(lines),
    }
