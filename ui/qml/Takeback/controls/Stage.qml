import QtQuick


// The part of a screen that is its own; `props` comes from ui/screens.
FocusScope {
    required property var props
}
