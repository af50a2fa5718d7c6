// prose.go: the rules that let everyone read a notebook: one heading of the first
// level, in the first cell; no level skipped on the way down; words for every
// picture. accessible.go has the rules for tables and links. Read lint.go first.

package notebook

import (
	"regexp"
	"strings"
)

var (
	heading  = regexp.MustCompile(`^ {0,3}(#{1,6})(?:[ \t]+(.*?))?[ \t]*#*[ \t]*$`)
	fence    = regexp.MustCompile("^ {0,3}(`{3,}|~{3,})")
	image    = regexp.MustCompile(`!\[([^\]]*)\][(\[]`)
	imageTag = regexp.MustCompile(`(?is)<img\b[^>]*>`)
	alt      = regexp.MustCompile(`(?is)\salt\s*=\s*("\s*[^"\s][^"]*"|'\s*[^'\s][^']*')`)
	svgTitle = regexp.MustCompile(`(?is)<title\b[^>]*>\s*[^<\s]`)
	span     = regexp.MustCompile("`[^`\n]+`")
)

func (l *linter) prose() {
	if len(l.nb.Cells) == 0 {
		l.add(-1, "has no cells")
		return
	}
	level, first := 0, 0
	for i := range l.nb.Cells {
		c := &l.nb.Cells[i]
		if c.Type != "markdown" {
			continue
		}
		source := withoutCode(c.Source)
		for _, line := range strings.Split(source, "\n") {
			match := heading.FindStringSubmatch(line)
			if match == nil {
				continue
			}
			depth := len(match[1])
			switch {
			case match[2] == "":
				l.add(i, "has an empty heading")
			case depth > level+1 && level > 0:
				l.add(i, "the heading %q is of level %d under one of level %d", match[2], depth, level)
			}
			if depth == 1 {
				first++
				if i > 0 {
					l.add(i, "%q is of the first level, which only the first cell may have", match[2])
				}
			}
			level = depth
		}
		l.images(i, source)
		l.tables(i, source)
		l.links(i, source)
	}
	if first == 0 || l.nb.Cells[0].Type != "markdown" || !strings.HasPrefix(strings.TrimSpace(l.nb.Cells[0].Source), "# ") {
		l.add(0, "does not begin with the notebook's one heading of the first level")
	} else if first > 1 {
		l.add(-1, "has %d headings of the first level", first)
	}
}

func (l *linter) images(i int, source string) {
	for _, match := range image.FindAllStringSubmatch(source, -1) {
		if strings.TrimSpace(match[1]) == "" {
			l.add(i, "the picture %s…) has no words for those who can't see it", match[0])
		}
	}
	for _, tag := range imageTag.FindAllString(source, -1) {
		if !alt.MatchString(tag) {
			l.add(i, "the picture %s has no alt text", tag)
		}
	}
}

// picture requires a <title> in every SVG, and a text beside every picture.
func (l *linter) picture(i int, o Output) {
	for mime, value := range o.Data {
		content, _ := value.(string)
		if mime == "text/html" {
			l.images(i, content)
		}
		if !strings.HasPrefix(mime, "image/") {
			continue
		}
		if mime == "image/svg+xml" && !svgTitle.MatchString(content) {
			l.add(i, "the SVG that it shows has no <title>")
		}
		if twin, _ := o.Data["text/plain"].(string); strings.TrimSpace(twin) == "" {
			l.add(i, "the picture of type %s that it shows has no text/plain beside it", mime)
		}
	}
}

// withoutCode leaves out the fenced blocks of a markdown text, because # begins no
// heading there, and replaces each code span by a word.
func withoutCode(source string) string {
	_, around := fenced(source)
	return span.ReplaceAllString(around, "code")
}

type fencedBlock struct{ language, text string }

// fenced returns the fenced blocks of a markdown text, and the text around them.
func fenced(source string) (blocks []fencedBlock, around string) {
	open := "" // the fence that began the block; "" outside a block
	for line := range strings.Lines(source) {
		mark := ""
		if match := fence.FindStringSubmatch(line); match != nil {
			mark = match[1]
		}
		switch {
		case open == "" && mark != "":
			open = mark
			blocks = append(blocks, fencedBlock{language: strings.TrimSpace(strings.TrimLeft(strings.TrimSpace(line), "`~"))})
		case open == "":
			around += line
		case strings.HasPrefix(mark, open):
			open = ""
		default:
			blocks[len(blocks)-1].text += line
		}
	}
	return blocks, around
}
