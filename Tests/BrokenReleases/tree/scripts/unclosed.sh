#!/bin/sh
set -e
if [ "$1" = configure ]; then
  echo hi
