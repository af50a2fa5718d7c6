// Package machine finds paths of one machine in text that is meant for everybody.
//
// A path in somebody's home is wrong on every other machine, and it tells who wrote
// it. Path finds the first:
//
//	if p := machine.Path(text, clone); p != "" { … }
package machine

import (
	"regexp"
	"strings"
)

// home matches a path in a user's folder. The user jovyan is nobody in particular:
// all of Jupyter's images have that user.
var home = regexp.MustCompile(`(?:^|[^\w.~-])(/(?:root|(?:home|Users)/[A-Za-z0-9._-]+)/[^\s"'` + "`" + `,;:)\]}>]*)`)

const everybody = "/home/jovyan/"

// Path returns the first path in text that is in a user's folder or in one of
// folders, or "" if there is none. It ignores a folder of one element, such as /src,
// because that is too common a word.
func Path(text string, folders ...string) string {
	for _, folder := range folders {
		folder = strings.TrimRight(folder, "/")
		if strings.Count(folder, "/") < 2 {
			continue
		}
		if i := strings.Index(text, folder); i >= 0 {
			return folder
		}
	}
	for _, match := range home.FindAllStringSubmatch(text, -1) {
		if !strings.HasPrefix(match[1], everybody) {
			return match[1]
		}
	}
	return ""
}
