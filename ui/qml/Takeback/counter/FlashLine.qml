import QtQuick
import QtQuick.Layouts
import Takeback

// What the last scan came to: a sign, one word to be read from afar, and a sentence.
Item {
    id: line

    property var flash: ({})
    readonly property bool shown: (flash.word ?? "") !== ""
    readonly property color ground: shown ? Theme.role(flash.tone) : Theme.surface
    // One line as large as it may be, else two smaller ones: a sentence is never cut.
    readonly property real largest: Math.min(Theme.body, 56)
    readonly property real alone: 100 * space.width / Math.max(1, metrics.advanceWidth)
    readonly property real paired: Math.min(Theme.arabic.test(metrics.text) ? 32 : 40, alone * 1.75)
    readonly property int fitting: Math.max(20, Math.floor(Math.min(largest, Math.max(alone, paired))))
    readonly property color letters: shown ? Theme.surface : Theme.muted

    Accessible.role: Accessible.AlertMessage
    Accessible.name: shown ? flash.word + ". " + flash.text : ""
    Accessible.ignored: !shown

    Rectangle {
        anchors.fill: parent
        radius: Theme.radius
        visible: line.shown
        color: line.ground
    }

    RowLayout {
        anchors.fill: parent
        anchors.leftMargin: Theme.space
        anchors.rightMargin: Theme.space
        visible: line.shown
        spacing: Theme.space

        Icon {
            size: 72
            drawing: line.shown ? line.flash.icon : ""
            role: "surface"
        }

        Copy {
            text: line.flash.word ?? ""
            color: line.letters
            font.pixelSize: Math.min(72, Theme.title)
            font.weight: Font.Bold
            wrapMode: Text.NoWrap
            Accessible.ignored: true
        }

        Item {
            id: space
            Layout.fillWidth: true
            Layout.fillHeight: true

            Copy {
                anchors.verticalCenter: parent.verticalCenter
                width: parent.width
                text: line.flash.text ?? ""
                color: line.letters
                font.pixelSize: line.fitting
                leading: 1
                strong: true
                Accessible.ignored: true
            }
        }
    }

    TextMetrics {
        id: metrics
        text: line.flash.text ?? ""
        font.pixelSize: 100
        font.weight: Font.DemiBold
    }
}
