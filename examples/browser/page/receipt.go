package page

import (
	"fmt"
	"strings"

	"github.com/doublerandom/doublerandom/draw/seal"
	"github.com/doublerandom/doublerandom/draw/statement"
	"github.com/doublerandom/doublerandom/examples/internal/wording"
)

// A Receipt is what a receipt says; whether it is true is for [Session.Verify].
type Receipt struct {
	ID       string       `json:"id"`
	Outcome  string       `json:"outcome"` // drawn, reserve or other
	Sentence wording.Text `json:"sentence"`
}

// SetReceipt takes a receipt in place of any before: its signed note, or the text of
// its QR code. White space around it is cut. If it fails the receipt is as before.
func (s *Session) SetReceipt(data []byte) (*Receipt, error) {
	text := strings.TrimSpace(strings.ReplaceAll(string(data), "\r\n", "\n"))
	note := []byte(text + "\n")
	if strings.HasPrefix(text, "DR1:") {
		var err error
		if note, err = seal.UnpackReceipt(text); err != nil {
			return nil, problem(err, "The text of this code is damaged: it is no whole receipt", "此二维码文本已损坏，不是完整的回执")
		}
	}
	r, err := readReceipt(note)
	if err != nil {
		return nil, err
	}
	s.receipt = note
	return r, nil
}

// DropReceipt forgets the receipt.
func (s *Session) DropReceipt() { s.receipt = nil }

func readReceipt(signed []byte) (*Receipt, error) {
	if len(signed) > statement.MaxNote {
		return nil, problem(nil, "This is too long for a receipt.", "内容过长，不是回执。")
	}
	n := openNote(signed, nil)
	if n == nil {
		return nil, problem(nil, "This is no receipt: it is not a signed note.", "这不是回执：不是签名文书。")
	}
	c := new(statement.Receipt)
	if err := c.UnmarshalText([]byte(n.Text)); err != nil {
		return nil, problem(err, "This is no receipt", "这不是回执")
	}
	r := &Receipt{ID: c.Unit.ID, Outcome: c.Outcome.String()}
	english, chinese := "neither drawn nor a reserve", "未抽中，也不是后备"
	switch c.Outcome {
	case statement.Drawn:
		english, chinese = fmt.Sprintf("drawn, with rank %d in its group", c.Rank), fmt.Sprintf("抽中，组内排名第 %d", c.Rank)
	case statement.Reserve:
		english, chinese = fmt.Sprintf("a reserve, with rank %d in its group", c.Rank), fmt.Sprintf("后备，组内排名第 %d", c.Rank)
	}
	r.Sentence = wording.Both(
		fmt.Sprintf("It says: %s is row %s of %s in the list, in stratum %s with weight %d, and was %s.", c.Unit.ID, count(c.Index+1), count(c.Units), c.Unit.Stratum, c.Unit.Weight, english),
		fmt.Sprintf("回执称：%s 为名录 %s 行中的第 %s 行，属于层 %s，权重 %d，结果为%s。", c.Unit.ID, count(c.Units), count(c.Index+1), c.Unit.Stratum, c.Unit.Weight, chinese))
	return r, nil
}
