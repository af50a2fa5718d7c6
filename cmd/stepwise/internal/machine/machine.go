// Package machine finds paths of one machine in text that is meant for all.
//
// A path under somebody's home is right where it was written and wrong
// everywhere else, and it tells who wrote it. Path finds the first:
//
//	if p := machine.Path(text, clone); p != "" { … }
package machine

import (
	"regexp"
	"strings"
)

// home matches a path in a user's folder. The user jovyan is everybody: it is
// the one of all of Jupyter's images.
var home = regexp.MustCompile(`(?:^|[^\w.~-])(/(?:root|(?:home|Users)/[A-Za-z0-9._-]+)/[^\s"'` + "`" + `,;:)\]}>]*)`)

const everybody = "/home/jovyan/"

// Path returns the first path in text that lies in a user's folder or under one
// of the folders named, and "" if there is none. A folder of one element, such
// as /src, is too common a word and is passed over.
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
