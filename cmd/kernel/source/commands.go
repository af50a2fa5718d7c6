package source

import "strings"

// Commands returns the lines at the top of a cell that are commands of the kernel
// and not Go, such as "$ ls" or "%test 09", without the blanks around them. rest is the
// cell with blanks in their place, so that every other byte keeps its offset, line and
// column.
func Commands(source string) (commands []string, rest string) {
	at := 0
	for at < len(source) {
		end := len(source)
		if n := strings.IndexByte(source[at:], '\n'); n >= 0 {
			end = at + n
		}
		line := strings.TrimSpace(source[at:end])
		if line != "" && line[0] != '$' && line[0] != '%' {
			break
		}
		if line != "" {
			commands = append(commands, line)
		}
		at = min(end+1, len(source))
	}
	return commands, blanked(source[:at]) + source[at:]
}

// blanked returns text with a blank for every byte except the ends of lines.
func blanked(text string) string {
	bytes := []byte(text)
	for i, b := range bytes {
		if b != '\n' {
			bytes[i] = ' '
		}
	}
	return string(bytes)
}
