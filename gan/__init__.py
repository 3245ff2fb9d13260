"""Generative adversarial networks, trained and measured on this machine.

``gan.config``, ``gan.record``, ``gan.store`` and ``gan.runner`` import no torch, so reading runs is cheap.
"""
