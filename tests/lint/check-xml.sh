#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Every XML file of the tree is well formed, as TAP.
#   check-xml.sh XMLLINT TOP
xmllint=$1
cd "$2" || exit 99
number=0
bad=0
while read -r file; do
  number=$((number + 1))
  if message=$("$xmllint" --noout --nonet "$file" 2>&1); then
    echo "ok $number $file"
  else
    bad=1
    echo "not ok $number $file"
    printf '# %s\n' "$message"
  fi
done < <(find src data -name '*.ui' -o -name '*.xml' -o -name '*.xml.in' -o -name '*.svg' | sort)
echo "1..$number"
exit $bad
