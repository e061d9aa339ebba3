import QtQuick
import QtQuick.Layouts
import Takeback

// The last seconds, large, with one key that gives more of them.
Sheet {
    id: sheet

    property var countdown: ({})

    open: countdown.seconds !== undefined
    innerHeight: column.implicitHeight
    Accessible.name: countdown.title ?? ""
    onEnabledChanged: if (enabled) {
        more.forceActiveFocus();
        Accessible.announce(countdown.title + " " + countdown.text, Accessible.Assertive);
    }

    ColumnLayout {
        id: column
        x: Theme.margin
        y: Theme.margin
        width: parent.width - 2 * Theme.margin
        spacing: Theme.space

        RowLayout {
            Layout.fillWidth: true
            spacing: Theme.space

            Rectangle {
                implicitWidth: 240
                implicitHeight: 240
                radius: 120
                color: Theme.softly("caution")
                border.width: 12
                border.color: Theme.toned("caution")

                Text {
                    anchors.centerIn: parent
                    text: sheet.countdown.seconds ?? ""
                    color: Theme.ink
                    font.pixelSize: 120
                    font.weight: Font.Bold
                    font.features: {
                        "tnum": 1
                    }
                    Accessible.ignored: true
                }
            }

            ColumnLayout {
                Layout.fillWidth: true
                spacing: 16

                Headline {
                    Layout.fillWidth: true
                    size: Theme.title
                    room: 260
                    text: sheet.countdown.title ?? ""
                }

                Copy {
                    Layout.fillWidth: true
                    text: sheet.countdown.text ?? ""
                    color: Theme.muted
                }
            }
        }

        BigButton {
            id: more
            Layout.fillWidth: true
            label: sheet.countdown.more ?? ""
            icon: "clock"
            onActivated: Core.send("press", "more_time")
        }
    }
}
