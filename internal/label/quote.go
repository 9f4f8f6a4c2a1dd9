package label

import "fmt"

// Quote returns text from outside in quotes, for an error; it is cut after 80 bytes.
func Quote(s string) string {
	const most = 80
	if len(s) > most {
		return fmt.Sprintf("%q… (%d bytes)", s[:most], len(s))
	}
	return fmt.Sprintf("%q", s)
}
