// Package shell writes command lines that a reader can paste into a shell.
//
//	shell.Line("cd", dir) // cd '/srv/my course'
//
// Every line that the course prints for pasting is made here: a folder with a
// space in its name would otherwise become two words.
package shell

import (
	"regexp"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// flag is the part, up to its equals sign, of a flag with a value.
var flag = regexp.MustCompile(`^--?[\w.-]+=`)

// Line joins words to a line that bash reads as these words again. A word is
// quoted only if it has to be; one with control characters is written with
// escapes, so that a file's name can't move the cursor of a terminal. A zero
// byte, which no word can hold, is dropped.
func Line(words ...string) string {
	quoted := make([]string, 0, len(words))
	for _, word := range words {
		name := flag.FindString(word)
		quoted = append(quoted, name+quote(word[len(name):]))
	}
	return strings.Join(quoted, " ")
}

// Assignment is what stands before a command to set a variable for it.
func Assignment(name, value string) string { return name + "=" + quote(value) }

func quote(word string) string {
	text, err := syntax.Quote(strings.ReplaceAll(word, "\x00", ""), syntax.LangBash)
	if err != nil {
		panic("shell: bash has no form for a word without zero bytes: " + err.Error())
	}
	return text
}
