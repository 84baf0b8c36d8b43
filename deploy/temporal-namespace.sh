#!/bin/sh
# Creates the namespace with thirty days of closed workflows; leaves an existing one alone.
set -eu

temporal operator namespace describe --namespace default >/dev/null 2>&1 && exit 0
temporal operator namespace create --namespace default --retention 720h
