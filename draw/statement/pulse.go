package statement

// A Pulse is the beacon's value for the announced round, as relayed by the
// regulator. Its proof, or the verifier's own knowledge, shows that it is right.
type Pulse struct {
	Notice ID     // the draw's notice
	Close  ID     // the close before it
	Beacon string // name of the beacon, as in the notice
	Round  string // the announced round
	Value  string // the value in the beacon's canonical text, a token
	Proof  string // the beacon's proof, a token; "" if it has none
}

func (p *Pulse) walk(f *form) {
	f.row("notice", hashField{h: &p.Notice})
	f.row("close", hashField{h: &p.Close})
	f.row("beacon", labelField{s: &p.Beacon})
	f.row("round", tokenField{s: &p.Round, most: maxToken})
	f.row("value", tokenField{s: &p.Value, most: maxToken})
	f.row("proof", tokenField{&p.Proof, maxToken, true})
}

func (p *Pulse) check() string { return "" }

// MarshalText returns the statement's one text. It returns an *[Error] if the
// statement breaks a rule.
func (p *Pulse) MarshalText() ([]byte, error) { return marshal("pulse", p) }

// UnmarshalText reads the statement's one text and nothing else. If the text is
// malformed, p is unchanged and the error is an *[Error].
func (p *Pulse) UnmarshalText(text []byte) error {
	var fresh Pulse
	if err := unmarshal("pulse", &fresh, text); err != nil {
		return err
	}
	*p = fresh
	return nil
}
