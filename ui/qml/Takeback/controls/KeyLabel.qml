import QtQuick
import Takeback

// The words on a key: they wrap between words, and grow smaller rather than break inside one.
Copy {
    id: label

    property int size: Theme.small
    property real room: 10000  // the widest it can get
    readonly property string longest: text.split(/\s+/).reduce((a, b) => a.length >= b.length ? a : b, "")

    strong: true
    leading: 1
    wrapMode: Text.WordWrap
    font.pixelSize: room > 4 && metrics.advanceWidth > room - 4 ? Math.max(24, Math.floor(size * (room - 4) / metrics.advanceWidth)) : size
    Accessible.ignored: true

    TextMetrics {
        id: metrics
        text: label.longest
        font.pixelSize: label.size
        font.weight: Font.DemiBold
    }
}
