"""Steunwijzer: the services behind the assistant. They know neither Rasa nor the web."""

import os

__version__ = "0.1.0"

# One thread per matrix product. numpy's library reads this once, when the first module imports numpy, which is long before a server starts; a
# second thread spins while it waits for work and took 40% of the CPU time of a message.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
