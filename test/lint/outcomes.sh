#!/bin/bash
# Does docs/outcomes.md list every word for an outcome and a cause that the program has, and no other?
# Arguments: source directory.
set -euo pipefail
cd "$1"

# The words in the sources, "outcome WORD" or "cause WORD" a line: in the arguments of outcome_tell(), in
# what is assigned to a cause, and in the tables of src/cause*.c.
words_of_sources() {
	awk '
		BEGIN {
			# the column of a table that has the word for the cause
			column["plain"] = 2
			column["table"] = 1
			column["refusals"] = 2
		}
		# Words among the strings of a piece of C.
		function say(kind, text,   string) {
			while (match(text, /"[^"]*"/)) {
				string = substr(text, RSTART + 1, RLENGTH - 2)
				if (string ~ /^[a-z][a-z0-9_]*$/)
					print kind, string
				text = substr(text, RSTART + RLENGTH)
			}
		}
		# A piece of C up to the comma or the end that it has outside of parentheses and strings.
		function argument(text, from,   at, c, depth, quoted) {
			for (at = from; at <= length(text); at++) {
				c = substr(text, at, 1)
				if (c == "\\")
					at++
				else if (c == "\"")
					quoted = !quoted
				else if (quoted)
					continue
				else if (c == "(" || c == "{")
					depth++
				else if (depth && (c == ")" || c == "}"))
					depth--
				else if (!depth && c ~ /[,;)}]/)
					break
			}
			stopped = at
			return substr(text, from, at - from)
		}
		# The rows of a table, in front of which its "{" has been taken.
		function read_rows(rest, n,   i) {
			while (match(rest, /^[^{}"]*[{]/)) {
				stopped = RLENGTH
				for (i = 1; i < n; i++)
					argument(rest, stopped + 1)
				say("cause", argument(rest, stopped + 1))
				while (stopped < length(rest) && substr(rest, stopped, 1) != "}")
					argument(rest, stopped + 1)
				rest = substr(rest, stopped + 1)
			}
		}
		function read_file(   rest, name, value) {
			rest = text
			while (match(rest, /outcome_tell\(/)) {
				rest = substr(rest, RSTART + RLENGTH)
				argument(rest, 1)
				say("outcome", argument(rest, stopped + 1))
				say("cause", argument(rest, stopped + 1))
			}
			rest = text
			while (match(rest, /\.cause = "/)) {
				rest = substr(rest, RSTART + RLENGTH - 1)
				say("cause", argument(rest, 1))
			}
			rest = text
			while (match(rest, /cause->word = /)) {
				rest = substr(rest, RSTART + RLENGTH)
				value = argument(rest, 1)
				say("cause", value)
				match(value, /^[a-z_]*/)
				if (value !~ /"|^NULL$/ && !(substr(value, 1, RLENGTH) in column))
					print "cause", "(not read: " value ")"
			}
			for (name in column)
				if (file ~ /cause/ && match(text, "} " name "\\[\\] = [{]")) {
					read_rows(substr(text, RSTART + RLENGTH), column[name])
					found[name] = 1
				}
		}
		FNR == 1 { read_file(); text = "" }
		{
			file = FILENAME
			gsub(/\/\*([^*]|\*[^\/])*\*\//, "")
			gsub(/[ \t]+/, " ")
			text = text " " $0
		}
		END {
			read_file()
			for (name in column)
				if (!found[name])
					print "table", name, "(not found)"
		}' src/outcome*.c src/cause*.c | sort -u
}

# The words in the first column of the tables.
words_of_page() {
	awk '
		/^## / { kind = $2 == "Outcomes" ? "outcome" : $2 == "Causes" ? "cause" : "" }
		kind && /^\| `/ {
			split($0, cell, "|")
			sub(/\(.*/, "", cell[2]) # of which outcome
			n = split(cell[2], part, "`")
			for (i = 2; i <= n; i += 2)
				if (part[i] != kind)
					print kind, part[i]
		}' docs/outcomes.md | sort -u
}

sources=$(words_of_sources)
page=$(words_of_page)
status=0
while read -r kind word; do
	echo "the program has the $kind $word, which docs/outcomes.md does not list"
	status=1
done < <(comm -23 <(printf '%s\n' "$sources") <(printf '%s\n' "$page"))
while read -r kind word; do
	echo "docs/outcomes.md lists the $kind $word, which the program does not have"
	status=1
done < <(comm -13 <(printf '%s\n' "$sources") <(printf '%s\n' "$page"))
exit $status
