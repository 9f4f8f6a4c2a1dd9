package teams

import (
	"bytes"
	"encoding"
	"fmt"
	"strings"

	"github.com/doublerandom/doublerandom/internal/label"
)

// maxText bounds a text in bytes.
const maxText = 1 << 28

// readText calls line, which reads into a value, with the fields of each line after the header, and
// then compares the text with the value's own: it has only one.
func readText(text []byte, what, header string, value encoding.TextMarshaler, line func(fields []string) string) error {
	if len(text) > maxText {
		return fmt.Errorf("teams: %s has %d bytes, expected at most %d", what, len(text), maxText)
	}
	n := 0
	for l := range strings.Lines(string(text)) {
		n++
		l = strings.TrimSuffix(l, "\n")
		if n == 1 && l == header {
			continue
		}
		problem := fmt.Sprintf("expected %q", header)
		if n > 1 {
			problem = line(strings.Split(l, " "))
		}
		if problem != "" {
			return fmt.Errorf("teams: %s line %d is %s: %s", what, n, label.Quote(l), problem)
		}
	}
	again, err := value.MarshalText()
	if err != nil {
		return err
	}
	return compareLines(what, text, again)
}

// compareLines returns an error that names the first line in which a text is not the one that
// it should be.
func compareLines(what string, have, want []byte) error {
	if bytes.Equal(have, want) {
		return nil
	}
	for n := 1; ; n++ {
		h, restHave, _ := bytes.Cut(have, []byte("\n"))
		w, restWant, _ := bytes.Cut(want, []byte("\n"))
		if !bytes.Equal(h, w) || len(restHave) == 0 || len(restWant) == 0 {
			return fmt.Errorf("teams: %s line %d is %s, expected %s with a newline, and the entries sorted, each once", what, n, label.Quote(string(h)), label.Quote(string(w)))
		}
		have, want = restHave, restWant
	}
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

func fromNone(s string) string {
	if s == "none" {
		return ""
	}
	return s
}
