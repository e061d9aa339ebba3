import QtQuick
import QtQuick.Layouts
import Takeback

// A calm strip: something is limited, and it does not matter much.
Rectangle {
    id: notice

    property string icon: ""
    property string text: ""
    property string step: ""
    property var lines: []  // each by itself, as written
    property string tone: "caution"

    implicitHeight: row.implicitHeight + 40
    radius: Theme.radius - 8
    color: Theme.softly(tone)
    border.width: Theme.highContrast ? Theme.stroke : 0
    border.color: Theme.toned(tone)
    Accessible.role: Accessible.Note
    Accessible.name: [text, step, ...lines].filter(part => part !== "").join(" ")

    RowLayout {
        id: row
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        anchors.margins: 28
        spacing: 24

        Icon {
            drawing: notice.icon
            role: notice.tone
        }

        ColumnLayout {
            Layout.fillWidth: true
            spacing: 4

            Copy {
                Layout.fillWidth: true
                text: notice.text
                visible: text !== ""
                strong: true
                font.pixelSize: Theme.small
                Accessible.ignored: true
            }

            Copy {
                Layout.fillWidth: true
                text: notice.step
                visible: text !== ""
                font.pixelSize: Theme.small
                Accessible.ignored: true
            }

            Repeater {
                model: notice.lines

                Copy {
                    required property string modelData

                    Layout.fillWidth: true
                    text: modelData
                    font.pixelSize: Theme.small
                    Accessible.ignored: true
                }
            }
        }
    }
}
