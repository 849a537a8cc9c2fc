"""Importing the package: quiet, and with the right backend of Keras."""

import os
import subprocess
import sys


def run(code, **variables):
    environment = {k: v for k, v in os.environ.items() if "TF_CPP" not in k}
    return subprocess.run(
        [sys.executable, "-c", code],
        check=False,
        capture_output=True,
        text=True,
        env=environment | variables,
    )


def test_nothing_is_said_at_start():
    done = run("from d2l import tensorflow as d2l; print(float(d2l.ones(1)[0]))")
    assert done.returncode == 0, done.stderr
    assert (done.stdout, done.stderr) == ("1.0\n", "")


def test_what_is_no_noise_is_passed_on():
    code = (
        "import os\n"
        "from d2l.tensorflow import startup\n"
        "with startup._without_noise():\n"
        "    os.write(2, b'oneDNN custom operations are on\\nout of memory\\n')\n"
    )
    assert run(code).stderr == "out of memory\n"


def test_another_backend_of_keras_is_an_error_that_says_what_to_do():
    done = run("from d2l import tensorflow", KERAS_BACKEND="jax")
    assert "KERAS_BACKEND=tensorflow" in done.stderr.splitlines()[-1]
