"""The doubles that system tests use. Their home is tests/support."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from fake_broker import FakeBroker, Script, connack, puback  # noqa: E402, F401
from fault_proxy import FaultProxy  # noqa: E402, F401
from fake_clouds import (AliyunIot, AwsIotCore, AzureIotHub, Emqx, HiveMq,  # noqa: E402, F401
                         TencentIotHub)
