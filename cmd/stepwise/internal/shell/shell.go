// Package shell writes command lines that a reader can paste into a shell.
//
//	shell.Line("cd", dir) // cd '/srv/my course'
//
// The course makes every line that it prints for pasting here. Otherwise a folder with
// a space in its name would become two words.
package shell

import (
	"regexp"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// flag matches a flag with a value, up to its equals sign.
var flag = regexp.MustCompile(`^--?[\w.-]+=`)

// Line joins words into a line that bash reads as these words again. It quotes a word
// only if it must. It writes control characters as escapes, so that a file's name
// can't move a terminal's cursor, and drops zero bytes, which no word can contain.
func Line(words ...string) string {
	quoted := make([]string, 0, len(words))
	for _, word := range words {
		name := flag.FindString(word)
		quoted = append(quoted, name+quote(word[len(name):]))
	}
	return strings.Join(quoted, " ")
}

// Assignment returns the text before a command that sets a variable for it.
func Assignment(name, value string) string { return name + "=" + quote(value) }

func quote(word string) string {
	text, err := syntax.Quote(strings.ReplaceAll(word, "\x00", ""), syntax.LangBash)
	if err != nil {
		panic("shell: bash can't write a word without zero bytes: " + err.Error())
	}
	return text
}
