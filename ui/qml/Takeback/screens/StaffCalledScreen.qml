import QtQuick
import QtQuick.Layouts
import Takeback

// A person is on the way: why, and what to do until then.
Stage {
    id: screen

    readonly property bool spare: props.lines.length === 0 || (height > 900 && props.lines.length <= 2)

    ColumnLayout {
        anchors.fill: parent
        spacing: Theme.gap

        Hero {
            Layout.fillWidth: true
            Layout.fillHeight: true
            visible: screen.spare
            design: Qt.size(560, 520)
            most: 1.1

            Art {
                width: 560
                height: 520
                drawing: "staff"
            }
        }

        Notice {
            Layout.fillWidth: true
            tone: "info"
            icon: "person"
            text: screen.props.reason
            step: screen.props.nextStep
        }

        PagedLines {
            Layout.fillWidth: true
            Layout.fillHeight: !screen.spare
            Layout.preferredHeight: screen.spare ? used : -1
            visible: screen.props.lines.length > 0
            lines: screen.props.lines
            paging: screen.props.paging
        }
    }
}
