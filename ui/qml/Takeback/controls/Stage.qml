import QtQuick

// The part of a screen that is its own; `props` comes from ui/screens.
FocusScope {
    required property var props
    property real needs: 0  // height it cannot do without; the heading gives way
}
