pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Takeback

// The items, what each brings back, and the sum, before anything is agreed.
Stage {
    id: screen

    readonly property var totals: props.totals
    readonly property real sumHeight: sumCard.visible ? sumCard.implicitHeight + Theme.gap : 0
    readonly property bool few: height - sumHeight - list.wanted - Theme.gap > 220 && props.lines.length <= 3 && !Theme.lowReach

    needs: list.least + sumHeight

    Hero {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        height: list.y - Theme.gap
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
        id: list
        anchors.left: parent.left
        anchors.right: parent.right
        y: screen.few ? screen.height - screen.sumHeight - wanted : 0
        height: screen.height - screen.sumHeight - y
        lines: screen.props.lines
        paging: screen.props.paging
    }

    Card {
        id: sumCard
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        visible: screen.totals.amount !== undefined
        height: implicitHeight
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
