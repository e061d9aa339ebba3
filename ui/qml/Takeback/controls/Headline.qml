pragma ComponentBehavior: Bound

import QtQuick
import Takeback

// The one sentence of a screen: as large as its room allows, never cut, never broken in a word,
// its lines of like length. Text.Fit does neither tell its size reliably nor balance lines.
Item {
    id: headline

    property string text: ""
    property real room: 400
    property int size: Theme.display
    readonly property int least: 32

    implicitHeight: shown.implicitHeight
    Accessible.role: Accessible.Heading
    Accessible.name: text

    onWidthChanged: fit()
    onRoomChanged: fit()
    onSizeChanged: fit()
    onTextChanged: fit()
    Component.onCompleted: fit()

    function fits(size: int): bool {
        measure.font.pixelSize = size;
        return measure.contentHeight <= room && measure.contentWidth <= width;
    }

    function fit(): void {
        if (width <= 0 || text === "")
            return;
        measure.text = text;
        measure.width = width;
        let low = least, high = size;
        if (fits(high))
            low = high;
        while (high - low > 1) {
            const middle = Math.floor((low + high) / 2);
            if (fits(middle))
                low = middle;
            else
                high = middle;
        }
        measure.font.pixelSize = low;
        shown.width = balanced(measure.lineCount);
        shown.font.pixelSize = low;
        shown.text = text;
    }

    // The narrowest width that needs no further line.
    function balanced(lines: int): real {
        if (lines < 2)
            return width;
        let low = width * 0.4, high = width;
        while (high - low > 8) {
            const middle = (low + high) / 2;
            measure.width = middle;
            if (measure.lineCount > lines || measure.contentWidth > middle)
                low = middle;
            else
                high = middle;
        }
        return Math.min(width, Math.ceil(high) + 2);
    }

    component Sized: Text {
        readonly property bool high: Theme.arabic.test(text)

        font.weight: Font.Bold
        font.letterSpacing: Theme.rightToLeft ? 0 : -1
        lineHeightMode: high ? Text.FixedHeight : Text.ProportionalHeight
        lineHeight: high ? font.pixelSize * Theme.arabicLine : 1
        topPadding: high ? -font.pixelSize * Theme.arabicRise : 0
        bottomPadding: -topPadding
        wrapMode: Text.WordWrap
        textFormat: Text.PlainText
        horizontalAlignment: Text.AlignLeft
        Accessible.ignored: true
    }

    Sized {
        id: measure
        visible: false
    }

    Sized {
        id: shown
        anchors.left: parent.left
        color: Theme.ink
    }
}
