#!/bin/sh
# Creates the namespace, or gives an existing one the retention that is stated. Repeating it changes nothing.
set -eu
if temporal operator namespace describe --namespace "$NAMESPACE" > /dev/null 2>&1; then
  temporal operator namespace update --namespace "$NAMESPACE" --retention "$RETENTION"
else
  temporal operator namespace create --namespace "$NAMESPACE" --retention "$RETENTION"
fi
