// level.go: a lesson uses no word that a later lesson teaches, unless the same
// sentence says "later" or names that lesson. notebooks/concepts.txt lists the words.
// Read prose.go first.

package notebook

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// concept is a word, or some words, and the lesson that teaches it.
type concept struct {
	lesson  int
	word    string
	pattern *regexp.Regexp
}

// readConcepts reads a file of lines like
//
//	05  Future, done-callback
//
// It ignores blank lines and lines that begin with #. A word in lower case matches in
// any case. A word with a capital letter matches only as it is written: the course
// teaches a Future, not the future. A plural or a form of a verb matches too.
func readConcepts(path string) ([]concept, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var all []concept
	seen := map[string]bool{}
	lines := bufio.NewScanner(file)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		first, words, _ := strings.Cut(line, " ")
		lesson, err := strconv.Atoi(first)
		if err != nil || len(first) != 2 || strings.TrimSpace(words) == "" {
			return nil, fmt.Errorf("%s:%d: %q want a lesson's number and its words", filepath.Base(path), n, line)
		}
		for word := range strings.SplitSeq(words, ",") {
			word = strings.TrimSpace(word)
			if word == "" || seen[word] {
				return nil, fmt.Errorf("%s:%d: the word %q is empty, or is listed twice", filepath.Base(path), n, word)
			}
			seen[word] = true
			all = append(all, concept{lesson, word, wordPattern(word)})
		}
	}
	return all, lines.Err()
}

func wordPattern(word string) *regexp.Regexp {
	caseless := "(?i)"
	if word != strings.ToLower(word) {
		caseless = ""
	}
	parts := strings.Fields(word)
	for i := range parts {
		parts[i] = regexp.QuoteMeta(parts[i])
	}
	return regexp.MustCompile(caseless + `(?:^|[^\pL\pN_-])` + strings.Join(parts, `\s+`) + `(?:s|es|ed|ing)?(?:$|[^\pL\pN_-])`)
}

// level finds words of later lessons. It skips lesson 00, the map of the course, and
// the section "Where to read on", which points beyond it.
func (l *linter) level(concepts []concept) {
	lesson, err := strconv.Atoi(strings.SplitN(filepath.Base(l.nb.Path), "-", 2)[0])
	if err != nil || lesson == 0 {
		return
	}
	beyond := false
	for i := range l.nb.Cells {
		c := &l.nb.Cells[i]
		if c.Type != "markdown" {
			continue
		}
		if match := heading.FindStringSubmatch(c.FirstLine()); match != nil {
			beyond = match[2] == "Where to read on"
		}
		if beyond {
			continue
		}
		for _, sentence := range sentences(withoutCode(c.Source)) {
			for _, k := range concepts {
				if k.lesson > lesson && k.pattern.MatchString(sentence) && !announces(sentence, k.lesson) {
					l.add(i, "%q belongs to lesson %02d: use other words, or say \"later\" or \"lesson %02d\" in %q", k.word, k.lesson, k.lesson, sentence)
				}
			}
		}
	}
}

var (
	endOfSentence = regexp.MustCompile(`[.!?:;](?:[*_)"]*)(?:\s+|$)|\n\s*\n|\n\s*[-*|#]\s*|\n\s*\d+\.\s`)
	laterWord     = regexp.MustCompile(`(?i)\blater\b`)
	lessonNumbers = regexp.MustCompile(`(?i)\blessons?\s+(\d\d(?:(?:\s*(?:,|and|to|or|–|-)\s*)+\d\d)*)`)
	twoDigits     = regexp.MustCompile(`\d\d`)
	rangeOfTwo    = regexp.MustCompile(`(\d\d)\s*(?:to|–|-)\s*(\d\d)`)
)

// sentences splits prose at full stops, list items, rows and paragraphs.
func sentences(text string) []string {
	var all []string
	for _, s := range endOfSentence.Split(text, -1) {
		if s = strings.Join(strings.Fields(s), " "); s != "" {
			all = append(all, s)
		}
	}
	return all
}

// announces reports whether the sentence tells the reader that the word comes later,
// or in which lesson: "lesson 12", "lessons 09 and 12", "lessons 08 to 11".
func announces(sentence string, lesson int) bool {
	if laterWord.MatchString(sentence) {
		return true
	}
	for _, match := range lessonNumbers.FindAllStringSubmatch(sentence, -1) {
		for _, two := range rangeOfTwo.FindAllStringSubmatch(match[1], -1) {
			from, _ := strconv.Atoi(two[1])
			to, _ := strconv.Atoi(two[2])
			if from <= lesson && lesson <= to {
				return true
			}
		}
		for _, n := range twoDigits.FindAllString(match[1], -1) {
			if n == fmt.Sprintf("%02d", lesson) {
				return true
			}
		}
	}
	return false
}
