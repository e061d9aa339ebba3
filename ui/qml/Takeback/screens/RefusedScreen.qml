import QtQuick
import QtQuick.Layouts
import Takeback

// Why nothing can be taken, item by item, and where to ask.
Stage {
    id: screen

    readonly property bool few: props.lines.length <= 2 && height > 700 && !Theme.largeText

    ColumnLayout {
        anchors.fill: parent
        spacing: Theme.gap

        Hero {
            Layout.fillWidth: true
            Layout.fillHeight: true
            visible: screen.few
            design: Qt.size(620, 520)
            most: 0.9

            Art {
                width: 620
                height: 520
                drawing: "refused"
            }
        }

        PagedLines {
            Layout.fillWidth: true
            Layout.fillHeight: !screen.few
            Layout.preferredHeight: screen.few ? used : -1
            lines: screen.props.lines
            paging: screen.props.paging
        }

        Notice {
            Layout.fillWidth: true
            tone: "info"
            icon: "question"
            text: screen.props.merchant
            step: screen.props.support
        }
    }
}
