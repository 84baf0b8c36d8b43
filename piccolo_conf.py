"""Where Piccolo finds the engine and the tables; the program and the `piccolo` tool both import this."""

from piccolo.conf.apps import AppRegistry

from database.engine import ENGINE

DB = ENGINE

APP_REGISTRY = AppRegistry(apps=["database.piccolo_app"])
