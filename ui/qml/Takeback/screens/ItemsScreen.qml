import QtQuick
import QtQuick.Layouts
import Takeback

// The items, what each brings back, and the sum, before anything is agreed.
Stage {
    id: screen

    readonly property var totals: props.totals
    readonly property bool few: props.lines.length <= 2 && height > 760

    ColumnLayout {
        anchors.fill: parent
        spacing: Theme.gap

        Hero {
            Layout.fillWidth: true
            Layout.fillHeight: true
            visible: screen.few
            design: Qt.size(screen.props.lines.length * 320, 260)
            most: 1.1

            Row {
                anchors.centerIn: parent
                spacing: 60

                Repeater {
                    model: screen.few ? screen.props.lines.length : 0

                    Art {
                        required property int index
                        width: 240
                        height: 240
                        drawing: "item-" + (screen.props.lines[index]?.picture ?? "box")
                        opacity: screen.props.lines[index]?.present ?? true ? 1 : 0.3
                    }
                }
            }
        }

        PagedLines {
            Layout.fillWidth: true
            Layout.fillHeight: !screen.few
            Layout.preferredHeight: screen.few ? used : -1
            lines: screen.props.lines
            paging: screen.props.paging
        }

        Card {
            Layout.fillWidth: true
            visible: screen.totals.amount !== undefined
            implicitHeight: sum.implicitHeight + 40
            color: Theme.soft
            border.width: Theme.highContrast ? Theme.stroke : 0
            Accessible.role: Accessible.StaticText
            Accessible.name: screen.totals.label + " " + screen.totals.amount + " " + screen.totals.fee + " " + screen.totals.note

            RowLayout {
                id: sum
                anchors.left: parent.left
                anchors.right: parent.right
                anchors.verticalCenter: parent.verticalCenter
                anchors.margins: 36
                spacing: 24

                ColumnLayout {
                    Layout.fillWidth: true
                    spacing: 2

                    Copy {
                        Layout.fillWidth: true
                        text: screen.totals.label ?? ""
                        strong: true
                        color: Theme.inkOnSoft
                        Accessible.ignored: true
                    }

                    Copy {
                        Layout.fillWidth: true
                        visible: text !== ""
                        text: [screen.totals.fee ?? "", screen.totals.note ?? ""].filter(part => part !== "").join(" · ")
                        font.pixelSize: Theme.small
                        color: Theme.inkOnSoft
                        Accessible.ignored: true
                    }
                }

                Copy {
                    text: screen.totals.amount ?? ""
                    strong: true
                    font.pixelSize: Math.min(Theme.title, 76)
                    color: Theme.inkOnSoft
                    Accessible.ignored: true
                }
            }
        }
    }
}
