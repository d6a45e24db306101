"""The measures of attribution fidelity, deterministic and offline: one file each, all named in `table`."""
