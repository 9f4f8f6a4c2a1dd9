package xlsx_test

import (
	"bytes"
	"fmt"
	"log"

	"github.com/xuri/excelize/v2"

	"github.com/doublerandom/doublerandom/registry"
	"github.com/doublerandom/doublerandom/registry/xlsx"
)

// A directory as officials keep it: a title, a header, and a code that Excel has
// turned into a number.
func Example() {
	f := excelize.NewFile()
	for i, row := range [][]any{
		{"企业名录"},
		{"统一社会信用代码", "企业名称", "成立日期"},
		{"91370202MA3C000019", "青岛一号公司", "2020年3月1日"},
		{913702021234567890.0, "青岛二号公司", "2020/3/1"},
	} {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			log.Fatal(err)
		}
	}
	var file bytes.Buffer
	if err := f.Write(&file); err != nil {
		log.Fatal(err)
	}

	book, err := xlsx.Open(&file)
	if err != nil {
		log.Fatal(err)
	}
	defer book.Close()
	reg, report, err := book.ReadEntities(xlsx.EntityHeaders(), 2017, registry.Checks{})
	if err != nil {
		log.Fatal(err)
	}
	for _, e := range reg.All() {
		fmt.Println(e.ID, e.Name, e.Founded)
	}
	for _, p := range report.Problems {
		place, _ := report.Place(p.Row)
		fmt.Println(place, p.Text)
	}
	// Output:
	// 91370202MA3C000019 青岛一号公司 2020-03-01
	// Sheet1!4 cell A4: "9.13702021234568E+17" is a number in scientific notation: Excel keeps 15 digits, the others are lost; format the column as text and enter the code again
}
