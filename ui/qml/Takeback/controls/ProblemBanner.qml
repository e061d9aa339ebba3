import QtQuick
import QtQuick.Layouts
import Takeback

// What was not good and what to do now; the screen stays where it is.
Rectangle {
    id: banner

    property var problem: ({})
    readonly property string tone: problem.tone ?? "critical"
    readonly property bool compact: Theme.landscape || Theme.largeText

    implicitHeight: row.implicitHeight + (compact ? 40 : 56)
    radius: Theme.radius
    color: Theme.softly(tone)
    border.width: Theme.stroke
    border.color: Theme.toned(tone)
    Accessible.role: Accessible.AlertMessage
    Accessible.name: (problem.text ?? "") + " " + (problem.step ?? "")

    RowLayout {
        id: row
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        anchors.margins: banner.compact ? 24 : 32
        spacing: banner.compact ? 16 : 28

        Icon {
            Layout.alignment: Qt.AlignTop
            size: banner.compact ? 48 : 64
            drawing: banner.problem.icon ?? "warning"
            role: banner.tone
        }

        ColumnLayout {
            Layout.fillWidth: true
            spacing: 8

            Copy {
                Layout.fillWidth: true
                text: banner.problem.text ?? ""
                strong: true
                font.pixelSize: banner.compact ? Theme.small : Theme.body
                Accessible.ignored: true
            }

            Copy {
                Layout.fillWidth: true
                text: banner.problem.step ?? ""
                font.pixelSize: Theme.small
                Accessible.ignored: true
            }
        }
    }
}
