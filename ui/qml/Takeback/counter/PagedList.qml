pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Takeback

// One page of a list, as the flow turns it: nothing scrolls. `props` is ui.counter.frame.paged.
Item {
    id: list

    property var props: ({})
    readonly property var rows: props.rows ?? []
    readonly property real least: column.implicitHeight + (turner.visible ? turner.implicitHeight + Theme.gap : 0)

    // In a narrow list a key needs its room for the words.
    function plain(told: var): var {
        return width < 900 ? Object.assign({}, told ?? ({}), {
            "icon": ""
        }) : told ?? ({});
    }

    Column {
        id: column
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        spacing: 12

        Repeater {
            model: list.rows.length

            ParcelRow {
                required property int index

                width: column.width
                height: implicitHeight
                told: list.rows[index] ?? ({})
            }
        }
    }

    RowLayout {
        id: turner
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        visible: (list.props.of ?? "") !== ""
        spacing: Theme.gap

        CounterKey {
            Layout.fillWidth: true
            Layout.preferredWidth: 1000
            told: list.plain(list.props.earlier)
        }

        Copy {
            text: list.props.of ?? ""
            wrapMode: Text.NoWrap
            Accessible.name: list.props.spoken ?? ""
            font.pixelSize: Theme.small
            color: Theme.muted
            horizontalAlignment: Text.AlignHCenter
        }

        CounterKey {
            Layout.fillWidth: true
            Layout.preferredWidth: 1000
            told: list.plain(list.props.later)
        }
    }
}
