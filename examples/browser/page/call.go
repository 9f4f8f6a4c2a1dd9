package page

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"unicode"
)

// Call carries out one request of the page, by name, and returns its answer as
// JSON: {"ok": …} or {"problem": …}. The data is a file for "open" and "receipt", and
// JSON or nothing for the others.
func (s *Session) Call(name string, data []byte) []byte {
	value, err := s.call(name, data)
	var answer struct {
		OK      any      `json:"ok,omitempty"`
		Problem *Problem `json:"problem,omitempty"`
	}
	if err == nil {
		answer.OK = value
	} else if !errors.As(err, &answer.Problem) {
		answer.Problem = problem(err, "The page made a mistake", "页面出错")
	}
	text, err := json.Marshal(answer)
	if err != nil { // values of this package can be marshalled
		panic("page: " + err.Error())
	}
	return clean(text)
}

// clean takes out the characters that change how others are shown, such as those that
// turn the direction of writing: with them a name could look like another.
func clean(text []byte) []byte {
	return bytes.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) || r >= 0x80 && unicode.IsControl(r) { // JSON escapes the others
			return unicode.ReplacementChar
		}
		return r
	}, text)
}

func (s *Session) call(name string, data []byte) (any, error) {
	switch name {
	case "open":
		return answer(s.Open(data))
	case "close":
		s.Close()
		return true, nil
	case "receipt":
		return answer(s.SetReceipt(data))
	case "drop-receipt":
		s.DropReceipt()
		return true, nil
	case "verify":
		return answer(s.Verify())
	case "prepare":
		return answer(s.Prepare())
	}
	var args []string
	if err := json.Unmarshal(data, &args); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	switch {
	case name == "policy" && len(args) == 1:
		return answer(s.SetPolicy(args[0]))
	case name == "add-value" && len(args) == 5:
		return answer(s.AddValue(args[0], args[1], args[2], args[3], args[4]))
	case name == "find" && len(args) == 1:
		return answer(s.Find(args[0]))
	case name == "wheel" && len(args) == 1:
		return answer(s.Wheel(args[0]))
	}
	return nil, fmt.Errorf("no request %q with %d arguments", name, len(args))
}

// answer keeps a nil pointer from becoming an interface that is not nil.
func answer[T any](value *T, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return value, nil
}
